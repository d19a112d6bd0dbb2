/**
 * Whether this browser can use passkeys on this page: it must have come over TLS or from this
 * machine, and from a host that has a name. In a module of its own, since the log-in asks.
 */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== "undefined" &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential &&
    !/^[\d.]+$|:/.test(window.location.hostname)
  );
}
