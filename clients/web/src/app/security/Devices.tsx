import { useCallback, useState } from "react";
import { type Device, MeApi } from "#api/me.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items, Tag } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { dayOf, momentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

const LEFT = "You have logged out on all your devices.";

/** Where the reader is logged in, and the way to end that from here. */
export function DevicesSection() {
  const { account } = useApp();
  const api = useApi(MeApi);
  const devices = useLoad(useCallback(() => api.devices(), [api]));
  const [isLeaving, setIsLeaving] = useState(false);
  const end = useAttempt(async (device: Device) => {
    await api.endDevice(device.id);
    await devices.reload();
  });
  return (
    <Block
      title="Where you are logged in"
      hint="If you do not know one of these, log it out and change your password."
    >
      {end.problem && <Alert>{end.problem.message}</Alert>}
      <Fetched from={devices} label="Loading your devices" rows={3}>
        {(known) => (
          <Items>
            {known.map((device) => (
              <Item
                key={device.id}
                title={
                  <>
                    {device.name}
                    {device.isThis && <Tag>This device</Tag>}
                  </>
                }
                notes={`${device.address}, since ${dayOf(device.createdAt)}, last used ${momentOf(device.usedAt)}`}
                tools={
                  !device.isThis && (
                    <Button look="quiet" disabled={end.isBusy} onClick={() => void end.run(device)}>
                      Log out<span className="sr-only"> {device.name}</span>
                    </Button>
                  )
                }
              />
            ))}
          </Items>
        )}
      </Fetched>
      <div className="mt-4">
        <Button look="quiet" onClick={() => setIsLeaving(true)}>
          Log out everywhere
        </Button>
      </div>
      {isLeaving && (
        <Question
          title="Log out everywhere?"
          yes="Log out everywhere"
          no="Stay"
          onYes={async () => {
            await api.endAllDevices();
            await account.leave(LEFT);
          }}
          onClose={() => setIsLeaving(false)}
        >
          All your devices are logged out at once, this one too. What is not sent yet is lost here.
        </Question>
      )}
    </Block>
  );
}
