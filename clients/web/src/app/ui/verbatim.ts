/** For a field that is a password, and is shown: a phone would begin it with a capital, and mend it. */
export const VERBATIM = {
  autoComplete: "off",
  autoCapitalize: "none",
  autoCorrect: "off",
  spellCheck: false,
} as const;
