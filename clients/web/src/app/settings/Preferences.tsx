import { useCallback, useState } from "react";
import { MeApi, type Notify, type Preferences } from "#api/me.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Check } from "#app/ui/Check.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { Select } from "#app/ui/Select.tsx";
import { ThemeChoice } from "#app/ui/ThemeChoice.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** What the reader wants, on every device of theirs. */
export function PreferencesSection() {
  const api = useApi(MeApi);
  const loaded = useLoad(useCallback(() => api.preferences(), [api]));
  return (
    <Fetched from={loaded} label="Loading your preferences" rows={5}>
      {(known) => <Form known={known} onChange={loaded.replace} />}
    </Fetched>
  );
}

interface Props {
  readonly known: Preferences;
  readonly onChange: (now: Preferences) => void;
}

function Form({ known, onChange }: Props) {
  const api = useApi(MeApi);
  const [said, setSaid] = useState("");
  const { problem, run } = useAttempt((next: Preferences) => api.prefer(next));
  const told = known.notifications;

  /** What was chosen shows at once, and is taken back if the server refuses. */
  async function save(next: Preferences): Promise<void> {
    setSaid("");
    onChange(next);
    if (await run(next)) setSaid("Saved.");
    else onChange(known);
  }

  return (
    <>
      {problem && <Alert>{problem.message}</Alert>}
      <Block title="Look" hint="Light, dark, or as your device has it.">
        <div className="max-w-sm">
          <ThemeChoice isPlain onChoose={(chosen) => void save({ ...known, theme: chosen })} />
        </div>
      </Block>
      <Block
        title="Notifications"
        hint="Where a client of yours notifies you, it keeps to this. Inside this page new messages are always counted."
      >
        <div className="flex max-w-md flex-col gap-4">
          <Radio
            legend="Notify me of"
            name="messages"
            value={told.messages}
            choices={MESSAGES}
            onChange={(messages) => void save({ ...known, notifications: { ...told, messages } })}
          />
          <div>
            <Check
              label="With a sound"
              isOn={told.sound}
              onChange={(sound) => void save({ ...known, notifications: { ...told, sound } })}
            />
            <Check
              label="By e-mail too, while I am away"
              isOn={told.email}
              onChange={(email) => void save({ ...known, notifications: { ...told, email } })}
            />
          </div>
        </div>
      </Block>
      <Block
        title="Language"
        hint="For clients that speak several. This page speaks English, and writes dates as your browser does."
      >
        <Select
          label="Language and region"
          className="max-w-sm"
          value={known.locale ?? ""}
          choices={LOCALES}
          onChange={(locale) => void save({ ...known, locale: locale === "" ? null : locale })}
        />
      </Block>
      <Saved>{said}</Saved>
    </>
  );
}

const MESSAGES: readonly (readonly [Notify, string, string])[] = [
  ["all", "Everything", "All messages of my rooms"],
  ["mentions", "Mentions", "Only what names me or is written to me alone"],
  ["none", "Nothing", "I look when I want to"],
];

const TAGS = [
  "en-GB",
  "en-US",
  "ar",
  "cs",
  "da",
  "de",
  "es",
  "fa",
  "fi",
  "fr",
  "he",
  "hi",
  "it",
  "ja",
  "ko",
  "nl",
  "nb",
  "pl",
  "pt-BR",
  "pt-PT",
  "ro",
  "ru",
  "sv",
  "tr",
  "uk",
  "vi",
  "zh-CN",
  "zh-TW",
];

/** Each language in its own words. */
const LOCALES: readonly (readonly [string, string])[] = [
  ["", "As the device has it"],
  ...TAGS.map((tag) => [tag, nameOf(tag)] as const),
];

function nameOf(tag: string): string {
  return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
}
