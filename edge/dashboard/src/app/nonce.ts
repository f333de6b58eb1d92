/**
 * The nonce that the page was served with: style elements that libraries make need it (CSP `style-src`). Browsers hide
 * it in the attribute and show it in the property only.
 */
export const nonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ""

// Where `get-nonce` looks, which Mantine's scroll lock uses.
Object.assign(globalThis, { __webpack_nonce__: nonce })
