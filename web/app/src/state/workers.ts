/** The only place that names scripts of workers: the Trusted Types policy `segel` allows scripts of this origin alone. */

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

/** The address of a script that the build named, as the browser takes it. Throws a TypeError for one of elsewhere. */
export function trustedScript(url: string): string {
  // The library's types know strings only; a browser with Trusted Types takes nothing but the policy's value.
  return (policy === undefined ? sameOrigin(url) : policy.createScriptURL(url)) as string;
}

/** Starts a module worker. */
export function startWorker(url: string, name: string): Worker {
  return new Worker(trustedScript(url), { type: "module", name });
}
