// Shows a dialog as soon as the session of an open form has ended, and blocks sending the form, so that no input is
// lost: it stays in the page until the user has signed in again, in another tab.
const EVERY = 15_000; // Milliseconds between two checks while the page is visible.
const WHILE_TYPING = 5_000; // The same while somebody types and has input to lose.
const PATIENCE = 5_000; // Milliseconds to wait for a response.
const FORMS = 'main form[method="post" i]';

// Wagtail inserts the template before its skip link, which must be the first link of the page.
const template = document.querySelector("template[data-session-watch]");
const dialog = template?.content.querySelector("[data-session]");
if (dialog) document.body.append(dialog);
let person; // The user who opened the form.
let lookedAt = 0;
let wasTold = false;
let checkedButton = null;

function tell(state, { again = false } = {}) {
  if (dialog.open || (wasTold && !again)) return;
  for (const part of dialog.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
  wasTold = true;
  dialog.showModal();
}

// A new session has a new CSRF token, without which the server would refuse the forms of this page.
function goOn(token) {
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = token;
  if (!wasTold) return;
  wasTold = false;
  dialog.close();
  const detail = { clear: true, text: dialog.dataset.back, type: "success" };
  document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
}

async function ask() {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(dialog.dataset.session, { cache: "no-store", signal });
  if (!response.ok) throw new Error(`Status ${response.status}`);
  return response.json();
}

// Returns whether the user who opened the form is signed in. With `again`, the dialog is shown even if it was shown
// before.
async function isSignedIn({ again = false } = {}) {
  lookedAt = Date.now();
  let answer;
  try {
    answer = await ask();
  } catch {
    // The browser is offline or the site has failed, which matters only to users who want to save.
    if (again) tell("unreachable", { again });
    return false;
  }
  person ??= answer.person;
  if (answer.person !== null && answer.person === person) {
    goOn(answer.csrf_token);
    return true;
  }
  tell(answer.person === null ? "ended" : "another", { again });
  return false;
}

function isOfAForm(button) {
  return button?.type === "submit" && button.form?.matches(FORMS);
}

// A form is sent once its user is known to be signed in. Clicks of buttons are intercepted rather than submit events,
// so that Wagtail's own handlers see the repeated click. Enter in a field clicks the first button.
async function sendIfSignedIn(event) {
  const button = event.target.closest("button, input");
  if (!isOfAForm(button)) return;
  if (button === checkedButton) {
    checkedButton = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await isSignedIn({ again: true })) {
    checkedButton = button;
    button.click();
  }
}

if (dialog && document.querySelector(FORMS)) {
  isSignedIn();
  setInterval(() => document.visibilityState === "visible" && isSignedIn(), EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && isSignedIn());
  document.addEventListener("input", () => Date.now() - lookedAt > WHILE_TYPING && isSignedIn());
  // Failed requests of Wagtail's own scripts.
  document.addEventListener("w-swap:error", () => Date.now() - lookedAt > WHILE_TYPING && isSignedIn());
  document.addEventListener("w-autosave:error", () => isSignedIn());
  document.addEventListener("click", sendIfSignedIn, { capture: true });
}
