// Passes the CSP nonce to the toolkit, which reads it from a meta element. Must be imported before the toolkit.

const { nonce } = document.currentScript ?? {};
if (nonce) {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}
