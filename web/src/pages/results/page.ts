import type { Page } from "../../lib/pages";

export const page: Page = { name: "results", order: 40, needs: "run", load: () => import("./view") };
