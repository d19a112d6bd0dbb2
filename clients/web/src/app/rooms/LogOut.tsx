import { useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { unsentIn } from "#state/model.ts";

/** The way out. What is not sent yet would be lost, so whoever has such is asked first. */
export function LogOut() {
  const { account } = useApp();
  const unsent = useAppState(unsentIn);
  const [isAsking, setIsAsking] = useState(false);

  return (
    <>
      <IconButton
        icon="leave"
        label="Log out"
        onClick={() => (unsent > 0 ? setIsAsking(true) : void account.logOut())}
      />
      {isAsking && (
        <Dialog title="Log out now?" onClose={() => setIsAsking(false)}>
          <p className="text-sm text-soft">
            {unsent === 1 ? "One message is" : `${unsent} messages are`} not sent yet and would be
            lost.
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button look="quiet" onClick={() => setIsAsking(false)}>
              Stay
            </Button>
            <Button look="danger" onClick={() => void account.logOut()}>
              Log out and lose them
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
