import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { useLookAgain } from "./look_again";

test("a window that is returned to while a look is under way is looked at once more after it", async () => {
  const looks: (() => void)[] = [];
  const Page = () => { useLookAgain(() => new Promise<void>((settle) => { looks.push(settle); })); return null; };
  const box = document.createElement("div");
  await act(() => render(<Page />, box));
  const focus = () => dispatchEvent(new Event("focus")), later = () => new Promise((settle) => setTimeout(settle));
  focus();
  focus();
  focus();
  expect(looks.length).toBe(1);
  looks[0]!();
  await later();
  expect(looks.length).toBe(2);
  focus();
  await act(() => render(null, box));
  looks[1]!();
  await later();
  expect(looks.length).toBe(2);
});
