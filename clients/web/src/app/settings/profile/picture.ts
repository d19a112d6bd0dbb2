/** A square cut out of a picture, before it leaves this browser. */

/** Where the square lies: its middle as parts of width and height, and how far it is zoomed in. */
export interface Cut {
  /** From 0, the left edge of the picture, to 1, the right one. */
  readonly x: number;
  readonly y: number;
  /** 1 takes as much of the picture as fits into a square; 4 a quarter of that. */
  readonly zoom: number;
}

export const MIDDLE: Cut = { x: 0.5, y: 0.5, zoom: 1 };
export const MOST_ZOOM = 4;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** In pixels of the picture. */
interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Return the square of a cut; it never leaves the picture. */
export function squareOf({ width, height }: Size, { x, y, zoom }: Cut): Square {
  const side = Math.min(width, height) / zoom;
  return {
    left: within(x * width - side / 2, width - side),
    top: within(y * height - side / 2, height - side),
    side,
  };
}

/** Return the cut after its square was dragged by parts of its own side. */
export function moved(size: Size, cut: Cut, byX: number, byY: number): Cut {
  const { left, top, side } = squareOf(size, cut);
  const next = {
    left: within(left - byX * side, size.width - side),
    top: within(top - byY * side, size.height - side),
  };
  return {
    ...cut,
    x: (next.left + side / 2) / size.width,
    y: (next.top + side / 2) / size.height,
  };
}

/** Draw what is cut out, as large as the canvas. */
export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, cut: Cut): void {
  const { left, top, side } = squareOf(picture, cut);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.imageSmoothingQuality = "high";
  // What is transparent would show whatever lies under it.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** Return what is cut out as a file of so many pixels a side; null if the browser cannot. */
export function cutOut(picture: ImageBitmap, cut: Cut, sidePx: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = sidePx;
  canvas.height = sidePx;
  draw(canvas, picture, cut);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
