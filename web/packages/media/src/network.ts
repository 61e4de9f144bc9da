/** Which network this device is on. */

/** Told when this device came to another network, as far as the browser says so. Returns the function that ends it. */
export function onNetworkChange(listener: () => void): () => void {
  // Not in every browser, whatever the type says.
  const { connection } = navigator as { readonly connection?: EventTarget };
  window.addEventListener("online", listener);
  connection?.addEventListener("change", listener);
  return () => {
    window.removeEventListener("online", listener);
    connection?.removeEventListener("change", listener);
  };
}
