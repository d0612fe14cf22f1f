import type { Page } from "../../lib/pages";

export const page: Page = { name: "compare", order: 45, needs: "run", load: () => import("./view") };
