import { render } from "preact";
import { Shell } from "./components/shell";
import { tellError } from "./lib/messages";
import { loadSession, loadStudies } from "./lib/session";
import { language, speak } from "./lib/texts";
import "./styles/base.css";

async function start(): Promise<void> {
  try {
    await speak(language.value).catch(() => speak("en"));
    if (await loadSession()) await loadStudies();
  } catch (fault) {
    tellError(fault);
  }
  render(<Shell />, document.getElementById("app")!);
}

void start();
