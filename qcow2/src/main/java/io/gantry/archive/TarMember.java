package io.gantry.archive;

import java.nio.charset.StandardCharsets;

/**
 * What an archive says of one member, for whoever looks for one.
 *
 * @param name as the archive has it, wherever it leads
 * @param size bytes of its content, holes included
 * @param sparse whether the archive leaves out holes
 * @param at offset in the archive of what it stores of the content
 */
public record TarMember(String name, Kind kind, long size, boolean sparse, long at) {

  /** What a member is. */
  public enum Kind {
    FILE,
    DIRECTORY,
    /** Neither: a link, a device, a pipe, or what goes on from another volume. */
    OTHER
  }

  static TarMember of(Member member, long at) {
    SparseMap content = member.content();
    return new TarMember(
        new String(ByteText.bytes(member.name()), StandardCharsets.UTF_8),
        kind(member),
        content.size(),
        content.storedBytes() != content.size(),
        at);
  }

  /** POSIX ustar: a type that is not known is that of a file. */
  private static Kind kind(Member member) {
    if (member.isDirectory()) {
      return Kind.DIRECTORY;
    }
    boolean other =
        Member.TYPES_WITHOUT_DATA.indexOf(member.type()) >= 0
            || member.type() == Member.GNU_CONTINUED_FILE;
    return other ? Kind.OTHER : Kind.FILE;
  }
}
