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

  private static final int NAME_MAX = 63;

  private static final int PREFIX_MAX = 253;

  /** Prefix and name, whose rules are those of host names and of values. */
  private static final Pattern KEY =
      Pattern.compile(
          "([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*kubevirt\\.io/[a-z0-9]([a-z0-9._-]*[a-z0-9])?");

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
        String key = key(entry.substring(0, equals), mark);
        String value = entry.substring(equals + 1);
        if (isKey(key) && VALUE.matcher(value).matches()) {
          labels.put(key, value);
        }
      }
    }
    return labels;
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    return slash <= PREFIX_MAX
        && key.length() - slash - 1 <= NAME_MAX
        && KEY.matcher(key).matches();
  }

  private static String key(String variable, int mark) {
    String before = variable.substring(0, mark).replaceAll("_+$", "").replace('_', '.');
    String after = variable.substring(mark + MARK.length()).replace('_', '-');
    String prefix = before.isEmpty() ? "" : before + ".";
    return (prefix + "kubevirt.io/" + after).toLowerCase(Locale.ROOT);
  }
}
