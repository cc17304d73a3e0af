package io.gantry.importer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Labels for the volume claim out of a container image's environment: {@code
 * INSTANCETYPE_KUBEVIRT_IO_DEFAULT_PREFERENCE=fedora} means {@code
 * instancetype.kubevirt.io/default-preference: fedora}.
 */
final class ImageLabels {

  private static final String MARK = "KUBEVIRT_IO_";

  /** Kubernetes' own rule; one bad value would have the whole update of the claim refused. */
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

  private ImageLabels() {}

  /**
   * Picks the labels.
   *
   * @param environment entries {@code NAME=value}
   */
  static Map<String, String> of(List<String> environment) {
    Map<String, String> labels = new TreeMap<>();
    for (String entry : environment) {
      int equals = entry.indexOf('=');
      int mark = entry.indexOf(MARK);
      if (equals > 0 && mark >= 0 && mark < equals) {
        String value = entry.substring(equals + 1);
        if (VALUE.matcher(value).matches()) {
          labels.put(name(entry.substring(0, equals), mark), value);
        }
      }
    }
    return labels;
  }

  private static String name(String variable, int mark) {
    String before = variable.substring(0, mark).replaceAll("_+$", "").replace('_', '.');
    String after = variable.substring(mark + MARK.length()).replace('_', '-');
    String prefix = before.isEmpty() ? "" : before + ".";
    return (prefix + "kubevirt.io/" + after).toLowerCase(Locale.ROOT);
  }
}
