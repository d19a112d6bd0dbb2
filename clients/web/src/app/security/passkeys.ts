/** Asking the browser to use or to make a passkey, in words of JSON on both sides. */

import { Refused } from "#api/http.ts";
import type { PasskeyAnswer, PasskeyQuestion } from "#api/session.ts";
import { localProblem } from "#wire/problem.ts";

/** Let somebody show one of their passkeys.  Raises: Refused, when they did not. */
export async function showPasskey({ id, options }: PasskeyQuestion): Promise<PasskeyAnswer> {
  const asked = options as PublicKeyCredentialRequestOptionsJSON; // The server wrote it so.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return answered(id, () => navigator.credentials.get({ publicKey }));
}

/** Let somebody make a passkey for this server.  Raises: Refused, when they did not. */
export async function makePasskey({ id, options }: PasskeyQuestion): Promise<PasskeyAnswer> {
  const asked = options as PublicKeyCredentialCreationOptionsJSON; // The server wrote it so.
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  return answered(id, () => navigator.credentials.create({ publicKey }));
}

async function answered(
  challenge_id: string,
  ask: () => Promise<Credential | null>,
): Promise<PasskeyAnswer> {
  try {
    const credential = (await ask()) as PublicKeyCredential; // Nothing else was asked for.
    return { challenge_id, credential: credential.toJSON() };
  } catch (error) {
    throw new Refused(localProblem("refused", sentenceOf(error)), 0);
  }
}

function sentenceOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "This device has a passkey for your account already.";
  return "No passkey was used. If the browser offered none, try another way.";
}
