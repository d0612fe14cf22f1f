import type { Page } from "../../lib/pages";

export const page: Page = { name: "review", order: 60, needs: "run", load: () => import("./view") };
