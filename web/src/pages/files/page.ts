import type { Page } from "../../lib/pages";

export const page: Page = { name: "files", order: 5, needs: "study", load: () => import("./view") };
