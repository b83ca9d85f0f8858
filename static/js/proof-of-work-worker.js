// ALTCHA, version 2: finds the counter whose PBKDF2 key begins with the required bytes.
// The password is the nonce followed by the counter as four bytes, most significant first.

addEventListener("message", async ({ data: parameters }) => {
  try {
    postMessage({ solution: await solve(parameters) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const nonceBytes = fromHex(nonce);
  const password = new Uint8Array(nonceBytes.length + 4);
  password.set(nonceBytes);
  const counterBytes = new DataView(password.buffer, nonceBytes.length);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations: cost };
  for (let counter = 0; counter < 2 ** 32; counter += 1) {
    counterBytes.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = toHex(await crypto.subtle.deriveBits(algorithm, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  throw new Error("No solution");
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function toHex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
