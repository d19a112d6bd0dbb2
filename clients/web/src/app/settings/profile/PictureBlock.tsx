import { type ChangeEvent, useRef, useState } from "react";
import { MeApi } from "#api/me.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { useMe } from "#app/settings/me.ts";
import { CutDialog } from "#app/settings/profile/CutDialog.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

const UNREADABLE = "This file is not a picture that the browser can read. Try a JPEG or PNG.";

export function PictureBlock() {
  const { faces } = useApp();
  const { me, reload } = useMe();
  const api = useApi(MeApi);
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [fault, setFault] = useState("");

  async function changed(): Promise<void> {
    await reload();
    faces.refresh(me.id);
  }
  const removal = useAttempt(async () => {
    await api.showNothing();
    await changed();
  });

  async function choose({ target }: ChangeEvent<HTMLInputElement>): Promise<void> {
    const file = target.files?.[0];
    target.value = ""; // The same file can be chosen again.
    if (!file) return;
    setFault("");
    try {
      setPicture(await createImageBitmap(file));
    } catch {
      setFault(UNREADABLE);
    }
  }

  const problem = fault || removal.problem?.message;
  return (
    <Block
      title="Picture"
      hint="Shown beside your messages. Without one, others see your initials."
    >
      {problem && <Alert>{problem}</Alert>}
      <div className="flex flex-wrap items-center gap-4">
        <Avatar person={me} size={256} className="size-20 text-2xl" />
        <input
          ref={input}
          type="file"
          accept="image/*"
          aria-label="Choose a picture"
          className="hidden"
          onChange={(event) => void choose(event)}
        />
        <Button look="quiet" onClick={() => input.current?.click()}>
          Choose a picture
        </Button>
        {me.avatar !== null && (
          <Button look="quiet" disabled={removal.isBusy} onClick={() => void removal.run()}>
            Remove it
          </Button>
        )}
      </div>
      {picture && (
        <CutDialog
          picture={picture}
          onUse={async (square) => {
            await api.showAs(square);
            await changed();
          }}
          onClose={() => {
            picture.close();
            setPicture(null);
          }}
        />
      )}
    </Block>
  );
}
