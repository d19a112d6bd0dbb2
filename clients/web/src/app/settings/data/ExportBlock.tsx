import { useCallback, useEffect } from "react";
import { type Export, PrivacyApi } from "#api/privacy.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** While one is being made, it is asked how far. */
const LOOK_AGAIN_MS = 1_000;
/** The link is good once: the browser has begun to fetch by then, and the list has a new one. */
const AFTER_FETCHING_MS = 1_500;

export function ExportBlock() {
  const api = useApi(PrivacyApi);
  const exports = useLoad(useCallback(() => api.exports(), [api]));
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.begin();
    await exports.reload();
  });
  const isUnderWay = exports.value?.some(isBeingMade) ?? false;
  useAgain(isUnderWay, exports.reload);
  return (
    <Block
      title="A copy of your data"
      hint="Your profile, your messages, rooms and settings in one archive. It takes a while; you can go on meanwhile and fetch it here."
      tool={
        <Button look="quiet" disabled={isBusy || isUnderWay} onClick={() => void run()}>
          Make a copy
        </Button>
      }
    >
      {problem && <Alert>{problem.message}</Alert>}
      <Fetched from={exports} label="Loading your copies" rows={1}>
        {(known) =>
          known.length > 0 && (
            <Items>
              {known.map((one) => (
                <ExportItem key={one.id} made={one} onFetched={exports.reload} />
              ))}
            </Items>
          )
        }
      </Fetched>
    </Block>
  );
}

interface Props {
  readonly made: Export;
  readonly onFetched: () => Promise<void>;
}

function ExportItem({ made, onFetched }: Props) {
  return (
    <Item
      title={TITLES[made.state]}
      notes={notesOf(made)}
      tools={
        made.link !== null && (
          <a
            href={made.link}
            download
            onClick={() => setTimeout(() => void onFetched(), AFTER_FETCHING_MS)}
            className="inline-flex min-h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong"
          >
            Download
          </a>
        )
      }
    >
      {isBeingMade(made) && (
        <progress
          aria-label="Being made"
          value={made.progressPercent}
          max={100}
          className="mt-2 h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
        />
      )}
    </Item>
  );
}

const TITLES: Readonly<Record<Export["state"], string>> = {
  waiting: "Waiting to be made",
  working: "Being made",
  ready: "Ready",
  failed: "Could not be made",
  expired: "Expired",
};

function notesOf({ state, progressPercent, madeAt, expiresAt, bytes }: Export): string {
  if (state === "waiting" || state === "working") return `${progressPercent} %`;
  if (state === "failed") return "Please try again.";
  const made = madeAt === null ? "" : `Made ${momentOf(madeAt)}`;
  if (state === "expired" || expiresAt === null) return made;
  const size = bytes === null ? "" : `, ${sizeOf(bytes)}`;
  return `${made}${size}. It can be fetched until ${momentOf(expiresAt)}.`;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function sizeOf(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const style = { style: "unit", unit: UNITS[step] ?? "byte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(undefined, style).format(bytes / 1_000 ** step);
}

function isBeingMade({ state }: Export): boolean {
  return state === "waiting" || state === "working";
}

/** Look again every second, as long as there is something to see. */
function useAgain(isWanted: boolean, look: () => Promise<void>): void {
  useEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWanted, look]);
}
