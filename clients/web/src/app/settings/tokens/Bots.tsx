import { useState } from "react";
import { type Bot, type NewToken, TokensApi } from "#api/tokens.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { BotName } from "#app/settings/tokens/BotName.tsx";
import { BotPicture } from "#app/settings/tokens/BotPicture.tsx";
import { MakeToken } from "#app/settings/tokens/MakeToken.tsx";
import { TokenSheet } from "#app/settings/tokens/TokenSheet.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Question } from "#app/ui/Question.tsx";
import type { Loaded } from "#app/ui/useLoad.ts";

/** What is being done, and to which bot; null for one that is not there yet. */
type Front =
  | { readonly is: "name"; readonly bot: Bot | null }
  | { readonly is: "token" | "picture" | "remove"; readonly bot: Bot }
  | { readonly is: "made"; readonly token: NewToken };

interface Props {
  readonly bots: Loaded<readonly Bot[]>;
  /** One of them has a new token, or is gone with all of its own. */
  readonly onToken: () => Promise<void>;
}

/** Programs that are seen as themselves, and belong to the reader. */
export function Bots({ bots, onToken }: Props) {
  const [front, setFront] = useState<Front | null>(null);
  return (
    <Block
      title="Bots"
      hint="A bot has a name and a picture of its own, and writes in the rooms that it is taken into. It needs a token to come in."
      tool={
        <Button look="quiet" onClick={() => setFront({ is: "name", bot: null })}>
          New bot
        </Button>
      }
    >
      <Fetched from={bots} label="Loading your bots" rows={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">You have none.</p>
          ) : (
            <Items>
              {known.map((bot) => (
                <BotItem key={bot.id} bot={bot} onDo={(is) => setFront({ is, bot })} />
              ))}
            </Items>
          )
        }
      </Fetched>
      {front && (
        <BotFront
          front={front}
          onMade={(token) => {
            setFront({ is: "made", token });
            void onToken();
          }}
          onChange={async () => {
            await Promise.all([bots.reload(), onToken()]);
          }}
          onClose={() => setFront(null)}
        />
      )}
    </Block>
  );
}

interface ItemProps {
  readonly bot: Bot;
  readonly onDo: (what: "name" | "token" | "picture" | "remove") => void;
}

function BotItem({ bot, onDo }: ItemProps) {
  const name = <span className="sr-only"> {bot.name}</span>;
  return (
    <Item
      picture={<Avatar person={bot} className="size-9 text-sm" />}
      title={bot.name}
      tools={
        <>
          <Button look="quiet" onClick={() => onDo("token")}>
            New token<span className="sr-only"> for {bot.name}</span>
          </Button>
          <Button look="quiet" onClick={() => onDo("name")}>
            Rename{name}
          </Button>
          <Button look="quiet" onClick={() => onDo("picture")}>
            Picture<span className="sr-only"> of {bot.name}</span>
          </Button>
          <Button look="quiet" onClick={() => onDo("remove")}>
            Remove{name}
          </Button>
        </>
      }
    />
  );
}

interface FrontProps {
  readonly front: Front;
  readonly onMade: (token: NewToken) => void;
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

function BotFront({ front, onMade, onChange, onClose }: FrontProps) {
  const { call } = useApp();
  if (front.is === "name") {
    return <BotName bot={front.bot} onSaved={onChange} onClose={onClose} />;
  }
  if (front.is === "picture") {
    return <BotPicture bot={front.bot} onSaved={onChange} onClose={onClose} />;
  }
  if (front.is === "made") return <TokenSheet token={front.token} onClose={onClose} />;
  if (front.is === "token") return <MakeToken bot={front.bot} onClose={onClose} onMade={onMade} />;
  const { bot } = front;
  return (
    <Question
      title={`Remove ${bot.name}?`}
      yes="Remove"
      no="Keep it"
      onYes={async () => {
        await new TokensApi(call).removeBot(bot.id);
        await onChange();
      }}
      onClose={onClose}
    >
      Its tokens are void at once. What it wrote stays.
    </Question>
  );
}
