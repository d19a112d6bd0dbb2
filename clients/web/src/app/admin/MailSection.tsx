import { useCallback } from "react";
import { AdminApi, type UnsentLetter } from "#api/admin.ts";
import { Items } from "#app/settings/Items.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** Letters that nobody got, since this server has no way to send them. */
export function MailSection() {
  const api = useApi(AdminApi);
  const letters = useLoad(useCallback(() => api.letters(), [api]));
  return (
    <>
      <p className="max-w-xl pt-2 pb-5 text-sm text-soft">
        Without a mail server (MAIL_URL) letters end here. Pass on what somebody waits for, and only
        to whom it is written: a link for a new password lets its reader in.
      </p>
      <Fetched from={letters} label="Loading letters" rows={3}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">
              None: everything was sent, or nothing was to be sent.
            </p>
          ) : (
            <Items>
              {known.map((letter) => (
                <Letter key={letter.id} letter={letter} />
              ))}
            </Items>
          )
        }
      </Fetched>
    </>
  );
}

function Letter({ letter }: { readonly letter: UnsentLetter }) {
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-4 px-3.5 py-3 hover:bg-hover">
          <span className="min-w-0 grow basis-64">
            <span className="block font-medium">{letter.subject}</span>
            <span className="block text-sm text-soft wrap-anywhere">To {letter.to}</span>
          </span>
          <time dateTime={letter.postedAt} className="text-sm text-soft">
            {momentOf(letter.postedAt)}
          </time>
          <span className="text-sm font-medium text-accent group-open:hidden">Read</span>
        </summary>
        <pre className="px-3.5 pt-3 pb-4 font-sans text-sm whitespace-pre-wrap wrap-anywhere">
          {letter.text}
        </pre>
      </details>
    </li>
  );
}
