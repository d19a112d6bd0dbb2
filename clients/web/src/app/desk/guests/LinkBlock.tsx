import { useState } from "react";
import { pathOfGuests } from "#app/router.ts";
import { QrCode } from "#app/security/QrCode.tsx";
import { Block } from "#app/settings/Block.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";

interface Props {
  readonly slug: string | null;
  readonly title: string;
  readonly hasPassword: boolean;
}

/** What guests need to find the room: to be sent, or held up to them. */
export function LinkBlock({ slug, title, hasPassword }: Props) {
  const [isDrawn, setIsDrawn] = useState(false);
  if (slug === null) return null;
  const link = `${window.location.origin}${pathOfGuests(slug)}`;
  // A phone offers all by which somebody writes to others; most other browsers have no such thing.
  const maySend = "share" in navigator;

  async function send(): Promise<void> {
    await navigator.share({ title, url: link }).catch(() => {}); // They thought better of it.
  }

  return (
    <Block
      title="Link for guests"
      hint={
        hasPassword
          ? "Whoever opens it comes in with a name and the password: send them that too."
          : "Whoever opens it comes in with a name and no account."
      }
      tool={
        <div className="flex flex-wrap gap-2">
          {maySend && <Button onClick={() => void send()}>Send it</Button>}
          <Button look="quiet" onClick={() => setIsDrawn(true)}>
            Show as QR code
          </Button>
        </div>
      }
    >
      <CopyField label="Link for guests" value={link} />
      {isDrawn && (
        <Dialog title="Scan to come in" onClose={() => setIsDrawn(false)}>
          <QrCode text={link} label="The link for guests as a QR code" />
          <p className="text-center text-sm break-all text-soft">{link}</p>
        </Dialog>
      )}
    </Block>
  );
}
