import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { type Cut, cutOut, draw, MIDDLE, MOST_ZOOM, moved } from "#app/settings/profile/picture.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly title: string;
  readonly picture: ImageBitmap;
  readonly onUse: (square: Blob) => Promise<void>;
  readonly onClose: () => void;
}

/** Pixels a side: the server makes smaller ones of it. */
const SIDE_PX = 512;
/** An arrow moves by this part of the square. */
const STEP = 0.05;

/** What is in the circle is what others will see; drag it, or use the arrows. */
export function CutDialog({ title, picture, onUse, onClose }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cut, setCut] = useState<Cut>(MIDDLE);
  const { isBusy, problem, run } = useAttempt(async () => {
    const square = await cutOut(picture, cut, SIDE_PX);
    if (square) await onUse(square);
    onClose();
  });

  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, cut);
  }, [picture, cut]);

  function drag(event: PointerEvent<HTMLCanvasElement>): void {
    if (event.buttons === 0) return;
    const { clientWidth } = event.currentTarget;
    const [byX, byY] = [event.movementX / clientWidth, event.movementY / clientWidth];
    setCut((before) => moved(picture, before, byX, byY));
  }

  function onKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    setCut((before) => moved(picture, before, step[0], step[1]));
  }

  return (
    <Dialog title={title} onClose={onClose}>
      {problem && <Alert>{problem.message}</Alert>}
      <button
        type="button"
        aria-label="Part of the picture: drag it, or use the arrow keys"
        onKeyDown={onKey}
        className="mx-auto block rounded-full"
      >
        <canvas
          ref={canvas}
          width={SIDE_PX}
          height={SIDE_PX}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          className="size-60 cursor-move touch-none rounded-full border border-line bg-panel"
        />
      </button>
      <label className="mt-4 flex items-center gap-3 text-sm font-medium">
        Zoom
        <input
          type="range"
          min={1}
          max={MOST_ZOOM}
          step={0.05}
          value={cut.zoom}
          className="h-10 grow accent-accent"
          onChange={(event) => setCut({ ...cut, zoom: Number(event.target.value) })}
        />
      </label>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={isBusy} onClick={() => void run()}>
          {isBusy ? "Sending" : "Use this"}
        </Button>
      </div>
    </Dialog>
  );
}

/** The picture goes the way of the arrow. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
