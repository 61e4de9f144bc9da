/** The only place that makes workers: the Trusted Types policy `segel` allows scripts of this origin alone. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

function sameOrigin(url: string): string {
  const whole = new URL(url, location.href);
  if (whole.origin !== location.origin) throw new TypeError("a worker's script must come from this origin");
  return whole.href;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("segel", { createScriptURL: sameOrigin });

/** Starts a module worker; the script is one that the build named. */
export function startWorker(url: string, name: string): Worker {
  // The library's types know strings only; a browser with Trusted Types takes nothing but the policy's value.
  const trusted = (policy === undefined ? sameOrigin(url) : policy.createScriptURL(url)) as string;
  return new Worker(trusted, { type: "module", name });
}
