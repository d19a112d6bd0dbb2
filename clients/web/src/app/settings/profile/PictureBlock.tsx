import { MeApi } from "#api/me.ts";
import { Block } from "#app/settings/Block.tsx";
import { useMe } from "#app/settings/me.ts";
import { PictureChoice } from "#app/settings/profile/PictureChoice.tsx";
import { useApi } from "#app/ui/useApi.ts";

export function PictureBlock() {
  const { me, reload } = useMe();
  const api = useApi(MeApi);
  return (
    <Block
      title="Picture"
      hint="Shown beside your messages. Without one, others see your initials."
    >
      <PictureChoice
        person={me}
        title="Your picture"
        onUse={async (square) => {
          await api.showAs(square);
          await reload();
        }}
        onRemove={async () => {
          await api.showNothing();
          await reload();
        }}
      />
    </Block>
  );
}
