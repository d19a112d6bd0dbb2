/** Asking the browser to use or to make a passkey, in words of JSON on both sides. */

import { Refused } from "#api/http.ts";
import type { PasskeyAnswer, PasskeyQuestion } from "#api/session.ts";
import { localProblem } from "#wire/problem.ts";

/** Let somebody show one of their passkeys.  Raises: Refused, when they did not. */
export async function showPasskey({ id, options }: PasskeyQuestion): Promise<PasskeyAnswer> {
  const asked = options as PublicKeyCredentialRequestOptionsJSON; // The server wrote it so.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return answered(id, NOT_USED, () => navigator.credentials.get({ publicKey }));
}

/** Let somebody make a passkey for this server.  Raises: Refused, when they did not. */
export async function makePasskey({ id, options }: PasskeyQuestion): Promise<PasskeyAnswer> {
  const asked = options as PublicKeyCredentialCreationOptionsJSON; // The server wrote it so.
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  return answered(id, NOT_MADE, () => navigator.credentials.create({ publicKey }));
}

const NOT_USED = "No passkey was used. If the browser offered none, try another way.";
const NOT_MADE = "No passkey was made. Try again, or with another device or key.";

async function answered(
  challenge_id: string,
  otherwise: string,
  ask: () => Promise<Credential | null>,
): Promise<PasskeyAnswer> {
  try {
    const credential = (await ask()) as PublicKeyCredential; // Nothing else was asked for.
    return { challenge_id, credential: credential.toJSON() };
  } catch (error) {
    throw new Refused(localProblem("refused", sentenceOf(error, otherwise)), 0);
  }
}

function sentenceOf(error: unknown, otherwise: string): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "This device has a passkey for your account already.";
  return otherwise;
}
