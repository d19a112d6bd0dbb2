import { useState } from "react";
import { MeApi } from "#api/me.ts";
import { useApp, useAppState } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { useMe } from "#app/settings/me.ts";
import { PictureBlock } from "#app/settings/profile/PictureBlock.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

/** How others see the reader. */
export function ProfileSection() {
  return (
    <>
      <PictureBlock />
      <NameBlock />
      <StatusBlock />
    </>
  );
}

function NameBlock() {
  const { account } = useApp();
  const { me, replace } = useMe();
  const api = useApi(MeApi);
  const [name, setName] = useState(me.name);
  const [said, setSaid] = useState("");
  const { isBusy, problem, run } = useAttempt(async () => {
    const now = await api.rename(name.trim());
    replace(now);
    setName(now.name);
    await account.become({ id: now.id, name: now.name, email: now.email });
  });
  const { onSubmit } = useSubmission(async () => {
    setSaid((await run()) ? "Saved." : "");
  });
  return (
    <Block title="Name" hint="As others see you, everywhere on this server.">
      <form onSubmit={onSubmit} className="flex max-w-md flex-col items-start gap-3">
        {problem && problem.fields.name === undefined && <Alert>{problem.message}</Alert>}
        <Field
          label="Your name"
          autoComplete="name"
          dir="auto"
          required
          className="w-full"
          value={name}
          fault={problem?.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={isBusy || name.trim() === me.name}>
            Save name
          </Button>
          <Saved>{said}</Saved>
        </div>
      </form>
    </Block>
  );
}

/** The longest that the server takes. */
const MOST_CHARS = 128;

function StatusBlock() {
  const { attendance } = useApp();
  const chosen = useAppState((state) => state.chosen);
  const known = useAppState((state) => state.statusText);
  const [text, setText] = useState(known);
  const [said, setSaid] = useState("");
  const { isBusy, onSubmit } = useSubmission(async () => {
    setSaid((await attendance.choose(chosen, text.trim())) ? "Saved." : "");
  });
  return (
    <Block title="Status" hint="A few words beside your name, such as: on holiday until Monday.">
      <form onSubmit={onSubmit} className="flex max-w-md flex-col items-start gap-3">
        <Field
          label="What you are up to"
          dir="auto"
          maxLength={MOST_CHARS}
          className="w-full"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={isBusy || text.trim() === known}>
            Save status
          </Button>
          <Saved>{said}</Saved>
        </div>
      </form>
    </Block>
  );
}
