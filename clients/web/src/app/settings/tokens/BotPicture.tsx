import { type Bot, TokensApi } from "#api/tokens.ts";
import { PictureChoice } from "#app/settings/profile/PictureChoice.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { useApi } from "#app/ui/useApi.ts";

interface Props {
  readonly bot: Bot;
  readonly onSaved: () => Promise<void>;
  readonly onClose: () => void;
}

export function BotPicture({ bot, onSaved, onClose }: Props) {
  const api = useApi(TokensApi);
  const title = `Picture of ${bot.name}`;
  async function saved(): Promise<void> {
    await onSaved();
    onClose();
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <PictureChoice
        person={bot}
        title={title}
        onUse={async (square) => {
          await api.showBotAs(bot.id, square);
          await saved();
        }}
        onRemove={async () => {
          await api.showBotAsNothing(bot.id);
          await saved();
        }}
      />
    </Dialog>
  );
}
