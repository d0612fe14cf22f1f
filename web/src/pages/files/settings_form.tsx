/** Settings of the study as a form: names and help by text, ranges by the schema, what is wrong beside each. */

import { said, t } from "../../lib/texts";
import { FieldInput } from "./field_input";
import { files, settings, troubles } from "./state";

export function SettingsForm() {
  const { fields, content } = settings.value!;
  const sections = ["study", "plan", ...(content["budget"] ? ["budget"] : [])];
  const general = troubles.value.filter((each) => !/^(study|plan|budget|files)\./.test(each.where));
  const candidates = [...new Set((files.value?.files ?? []).flatMap((each) => each.file.layers.flatMap((layer) => (layer.crs.startsWith("EPSG:") ? [layer.crs] : layer.crs_candidates))))];
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      {general.length > 0 && <ul class="card troubles" role="alert">{general.map((each, at) => <li key={at}>{said(each.said)}</li>)}</ul>}
      {sections.map((section) => (
        <fieldset key={section} class="card form">
          <legend>{t(`entry.${section}`)}</legend>
          {section === "plan" && <p class="wide small soft">{t("entry_help.plan")}</p>}
          {fields[section]!.map((field) => <FieldInput key={field.entry} field={field} at={field.entry.split(".")} suggestions={field.entry === "study.crs" ? candidates : []} />)}
        </fieldset>
      ))}
    </form>
  );
}
