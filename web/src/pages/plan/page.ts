import type { Page } from "../../lib/pages";

export const page: Page = { name: "plan", order: 20, needs: "run", load: () => import("./view") };
