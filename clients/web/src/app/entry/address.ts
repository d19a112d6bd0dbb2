/** What a link says behind its `#`, which browsers send to nobody. */
export function givenInAddress(name: string): string | null {
  return new URLSearchParams(window.location.hash.replace(/^#/, "")).get(name) || null;
}
