// Which HTML is valid here. A rule that is off or loosened says why.
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:a11y", "html-validate:document"],
  rules: {
    // Nobody reads the bytes: templates leave spaces, and nothing depends on the case of the doctype.
    "doctype-style": "off",
    "no-trailing-whitespace": "off",
    // Safari takes a list without markers for no list unless its role says so.
    "no-redundant-role": "off",
    // The boxes of one question share a name, as buttons do.
    "form-dup-name": ["error", { shared: ["button", "checkbox", "radio", "submit"] }],
    // Our own files come from our own host, where an attacker could change the hash as well.
    "require-sri": ["error", { target: "crossorigin" }],
  },
};
