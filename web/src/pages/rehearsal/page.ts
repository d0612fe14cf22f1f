import type { Page } from "../../lib/pages";

export const page: Page = { name: "rehearsal", order: 55, needs: "run", load: () => import("./view") };
