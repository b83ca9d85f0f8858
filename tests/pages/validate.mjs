// Validates pages as they come: a line of JSON in, an HTML text; a line of JSON out, its faults.
import { createInterface } from "node:readline";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

const validator = new HtmlValidate(new FileSystemConfigLoader());

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line), "page.html");
  const faults = report.results.flatMap((result) =>
    result.messages.map((m) => `line ${m.line}: ${m.message} (${m.ruleId}, ${m.selector})`),
  );
  console.log(JSON.stringify(faults));
}
