import type { Page } from "../../lib/pages";

export const page: Page = { name: "report", order: 50, needs: "run", load: () => import("./view") };
