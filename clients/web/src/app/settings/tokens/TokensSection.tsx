import { useCallback, useState } from "react";
import { type Bot, type NewToken, type Token, TokensApi } from "#api/tokens.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items, Tag } from "#app/settings/Items.tsx";
import { Bots } from "#app/settings/tokens/Bots.tsx";
import { MakeToken } from "#app/settings/tokens/MakeToken.tsx";
import { titleOfScope } from "#app/settings/tokens/scopes.ts";
import { TokenSheet } from "#app/settings/tokens/TokenSheet.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { dayOf, momentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { type Loaded, useLoad } from "#app/ui/useLoad.ts";

/** What lets programs in: as the reader, or as a bot. */
export function TokensSection() {
  const api = useApi(TokensApi);
  const tokens = useLoad(useCallback(() => api.mine(), [api]));
  const bots = useLoad(useCallback(() => api.bots(), [api]));
  return (
    <>
      <Tokens tokens={tokens} bots={bots.value ?? []} />
      <Bots bots={bots} onToken={tokens.reload} />
    </>
  );
}

interface TokensProps {
  readonly tokens: Loaded<readonly Token[]>;
  readonly bots: readonly Bot[];
}

function Tokens({ tokens, bots }: TokensProps) {
  const api = useApi(TokensApi);
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const [leaving, setLeaving] = useState<Token | null>(null);
  return (
    <Block
      title="API tokens"
      hint="A token lets a program act as you, within what you allow it. Treat it as a password."
      tool={
        <Button look="quiet" onClick={() => setIsMaking(true)}>
          New token
        </Button>
      }
    >
      <Fetched from={tokens} label="Loading your tokens" rows={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">You have none.</p>
          ) : (
            <Items>
              {known.map((token) => (
                <TokenItem
                  key={token.id}
                  token={token}
                  bot={bots.find(({ id }) => id === token.botId)}
                  onRevoke={() => setLeaving(token)}
                />
              ))}
            </Items>
          )
        }
      </Fetched>
      {isMaking && (
        <MakeToken
          bot={null}
          onClose={() => setIsMaking(false)}
          onMade={(token) => {
            setIsMaking(false);
            setMade(token);
            void tokens.reload();
          }}
        />
      )}
      {made && <TokenSheet token={made} onClose={() => setMade(null)} />}
      {leaving && (
        <Question
          title="Revoke this token?"
          yes="Revoke"
          no="Keep it"
          onYes={async () => {
            await api.revoke(leaving.id);
            await tokens.reload();
          }}
          onClose={() => setLeaving(null)}
        >
          Whatever uses {leaving.name} is shut out at once.
        </Question>
      )}
    </Block>
  );
}

interface Props {
  readonly token: Token;
  /** Whose it is, if it is not the reader's own. */
  readonly bot: Bot | undefined;
  readonly onRevoke: () => void;
}

function TokenItem({ token, bot, onRevoke }: Props) {
  const used = token.usedAt === null ? "never used" : `last used ${momentOf(token.usedAt)}`;
  const end = token.expiresAt === null ? "" : `, until ${dayOf(token.expiresAt)}`;
  return (
    <Item
      title={
        <>
          {token.name} <code className="text-sm font-normal text-soft">{token.prefix}…</code>
          {bot && <Tag>{bot.name}</Tag>}
        </>
      }
      notes={
        <>
          {token.scopes.map(titleOfScope).join(", ")}
          <br />
          Made {dayOf(token.createdAt)}, {used}
          {end}
        </>
      }
      tools={
        <Button look="quiet" onClick={onRevoke}>
          Revoke<span className="sr-only"> {token.name}</span>
        </Button>
      }
    />
  );
}
