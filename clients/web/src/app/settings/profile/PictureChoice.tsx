import { type ChangeEvent, useRef, useState } from "react";
import { useApp } from "#app/context.ts";
import { CutDialog } from "#app/settings/profile/CutDialog.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly person: { readonly id: string; readonly name: string; readonly avatar: string | null };
  /** What is said above the part of the picture that is chosen. */
  readonly title: string;
  readonly onUse: (square: Blob) => Promise<void>;
  readonly onRemove: () => Promise<void>;
}

const UNREADABLE = "This file is not a picture that the browser can read. Try a JPEG or PNG.";

/** The picture of the reader, or of somebody who is theirs, and another one in its place. */
export function PictureChoice({ person, title, onUse, onRemove }: Props) {
  const { faces } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [fault, setFault] = useState("");
  const removal = useAttempt(async () => {
    await onRemove();
    faces.refresh(person.id);
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
    <>
      {problem && <Alert>{problem}</Alert>}
      <div className="flex flex-wrap items-center gap-4">
        <Avatar person={person} size={256} className="size-20 text-2xl" />
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
        {person.avatar !== null && (
          <Button look="quiet" disabled={removal.isBusy} onClick={() => void removal.run()}>
            Remove it
          </Button>
        )}
      </div>
      {picture && (
        <CutDialog
          title={title}
          picture={picture}
          onUse={async (square) => {
            await onUse(square);
            faces.refresh(person.id);
          }}
          onClose={() => {
            picture.close();
            setPicture(null);
          }}
        />
      )}
    </>
  );
}
