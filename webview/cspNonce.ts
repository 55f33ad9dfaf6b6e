// Lets the toolkit add its style element under the page's policy: it looks for the nonce in a meta element. Imported before it.

const { nonce } = document.currentScript ?? {};
if (nonce) {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}
