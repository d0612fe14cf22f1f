import type { Page } from "../../lib/pages";

export const page: Page = { name: "case", order: 65, needs: "run", load: () => import("./view") };
