import { useEffect } from "react";

/** What the browser shows on the tab of this page. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
