// Solves a puzzle while a person fills in a form, so that the form needs no CAPTCHA.
// It starts at the first input, so a page that is only read fetches nothing.

const PATIENCE = 15_000; // Milliseconds after which a form is sent without proof.

class Proof {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.started = null;
    this.ready = false;
    this.form.addEventListener("focusin", () => this.start());
    this.form.addEventListener("submit", (event) => this.hold(event));
  }

  start() {
    // Without a proof the form is sent anyway, and the server applies a stricter limit.
    this.started ??= this.solve()
      .catch((error) => console.warn("Form without proof of work:", error.message))
      .then(() => { this.ready = true; });
    return this.started;
  }

  async solve() {
    const response = await fetch(this.field.dataset.proofOfWork, { cache: "no-store" });
    if (!response.ok) throw new Error(`No challenge: ${response.status}`);
    const fetched = performance.now();
    const challenge = await response.json();
    const solution = await solveInWorker(this.field.dataset.worker, challenge.parameters);
    this.field.value = btoa(JSON.stringify({ challenge, solution }));
    // The server rejects forms that are sent faster than a person fills them in.
    const minimum = Number(this.field.dataset.minimumSeconds) * 1000 + 100;
    const left = minimum - (performance.now() - fetched);
    if (left > 0) await pause(left);
  }

  async hold(event) {
    if (this.ready) return;
    event.preventDefault();
    if (this.form.getAttribute("aria-busy") === "true") return;
    this.form.setAttribute("aria-busy", "true");
    const submitter = event.submitter;
    // The pause at the end is needed because `requestSubmit` has no effect during the form's own submit event.
    await Promise.race([this.start(), pause(PATIENCE)]);
    await pause(0);
    this.ready = true;
    this.form.removeAttribute("aria-busy");
    this.form.requestSubmit(submitter);
  }

  // A proof is valid once, so a page restored from the browser's history needs a new one.
  reset() {
    this.started = null;
    this.ready = false;
    this.field.value = "";
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function solveInWorker(url, parameters) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.solution) resolve(data.solution);
      else reject(new Error(data.error));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.postMessage(parameters);
  });
}

const proofs = [...document.querySelectorAll("[data-proof-of-work]")].map((field) => new Proof(field));
addEventListener("pageshow", (event) => {
  if (event.persisted) proofs.forEach((proof) => proof.reset());
});
