import { describe, expect, test } from "vitest";
import { MIDDLE, moved, squareOf } from "#app/settings/profile/picture.ts";

const WIDE = { width: 400, height: 200 };

describe("the square of a picture", () => {
  test("is its middle, as large as it fits", () => {
    expect(squareOf(WIDE, MIDDLE)).toEqual({ left: 100, top: 0, side: 200 });
  });

  test("grows smaller with the zoom, around the same middle", () => {
    expect(squareOf(WIDE, { ...MIDDLE, zoom: 4 })).toEqual({ left: 175, top: 75, side: 50 });
  });

  test("goes the other way when the picture is dragged", () => {
    const cut = moved(WIDE, MIDDLE, 0.25, 0);

    expect(squareOf(WIDE, cut).left).toBe(50);
  });

  test("stays within the picture, and comes back from its edge at once", () => {
    const atEdge = moved(WIDE, MIDDLE, 9, 9);
    expect(squareOf(WIDE, atEdge)).toEqual({ left: 0, top: 0, side: 200 });

    const back = moved(WIDE, atEdge, -0.1, 0);

    expect(squareOf(WIDE, back).left).toBeCloseTo(20);
  });

  test("is pushed back from the edge by less zoom", () => {
    const near = { x: 0.95, y: 0.95, zoom: 4 };

    const { left, side } = squareOf(WIDE, { ...near, zoom: 1 });

    expect(left + side).toBeLessThanOrEqual(WIDE.width);
  });
});
