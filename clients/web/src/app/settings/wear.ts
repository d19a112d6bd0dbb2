import type { Call } from "#api/call.ts";
import { Refused } from "#api/http.ts";
import { MeApi } from "#api/me.ts";
import { chooseTheme, hasOwnTheme } from "#app/theme.ts";
import { Malformed } from "#wire/read.ts";

/** Whoever has just come in gets the look that they chose elsewhere, if none was chosen here. */
export async function wearChosenTheme(call: Call): Promise<void> {
  if (hasOwnTheme()) return;
  try {
    const { theme } = await new MeApi(call).preferences();
    if (theme !== "system" && !hasOwnTheme()) chooseTheme(theme);
  } catch (error) {
    // The page looks well without; whatever else goes wrong is a mistake of ours.
    if (!(error instanceof Refused || error instanceof Malformed)) throw error;
  }
}
