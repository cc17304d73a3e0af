package io.gantry.archive;

import io.gantry.image.MalformedImageException;
import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import io.gantry.linux.Statx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory unpacked into, and no way out of it.
 *
 * <p>Every call names one component in a directory that is open. A directory is opened from the one
 * above it with {@code O_NOFOLLOW}; no component is ever {@code ..} or has a slash. So no symbolic
 * link is followed, whoever put it there, and nothing outside can be named. That is what {@code
 * RESOLVE_NO_SYMLINKS} of openat2(2) does, in as many calls as there are components; but it works
 * on every kernel and under every seccomp filter, so that there is no second way that rots. The
 * directory of the last member stays open, and mostly the next one lies there, too.
 *
 * <p>GNU tar does follow symbolic links that were there before; a member below one is refused here.
 */
final class Tree implements Closeable {

  private static final int DIRECTORY_ON_THE_WAY =
      Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
  private static final int OPEN_DIRECTORY =
      Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
  private static final int NEW_FILE =
      Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
  private static final int OPEN_FIFO =
      Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;

  /** Until its mode is set at last, nobody else looks into a file. */
  private static final int PRIVATE = 0600;

  private static final int OWNER_ALL = 0700;
  private static final int PERMISSIONS = 0777;

  private static final byte[] SELF = {'.'};

  private final Fd root;

  /** A descriptor in every file system that was written to, by its device. */
  private final Map<Long, Fd> fileSystems = new HashMap<>();

  private List<String> parentName = List.of();
  private Fd parent;

  private Tree(Fd root) {
    this.root = root;
    this.parent = root;
  }

  static Tree open(Path directory) throws IOException {
    Fd root = Libc.open(directory, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
    Tree tree = new Tree(root);
    try {
      tree.fileSystems.put(Libc.statx(root).device(), root);
      return tree;
    } catch (IOException e) {
      root.close();
      throw e;
    }
  }

  Fd root() {
    return root;
  }

  /** Creates an empty file, in place of what may be there. */
  Fd createFile(MemberName name) throws IOException {
    return create(name, (in, last) -> Libc.openat(in, last, NEW_FILE, PRIVATE));
  }

  /** Creates a symbolic link, in place of what may be there. It is never followed here. */
  void createSymbolicLink(MemberName name, Member member) throws IOException {
    byte[] target = ByteText.bytes(member.linkTarget());
    create(
        name,
        (in, last) -> {
          Libc.symlinkat(target, in, last);
          return in;
        });
    Libc.utimensat(parent, name.last(), member.modified());
  }

  /** Creates a named pipe and opens it, which a pipe without a writer allows a reader. */
  Fd createFifo(MemberName name) throws IOException {
    return create(
        name,
        (in, last) -> {
          Libc.mkfifoat(in, last, PRIVATE);
          return Libc.openat(in, last, OPEN_FIFO, 0);
        });
  }

  /** Creates one more name of {@code target}, in place of what may be there. */
  void createHardLink(MemberName name, MemberName target) throws IOException {
    if (target.isRoot()) {
      throw new MalformedImageException(
          "member %s: is a hard link to the directory itself".formatted(name));
    }
    try (Way way = existing(target)) {
      if (way == null || !exists(way.directory(), target.last())) {
        throw new MalformedImageException(
            "member %s: is a hard link to %s, which is not there".formatted(name, target));
      }
      Fd in = parentOf(name);
      if (!isSameFile(way.directory(), target.last(), in, name.last())) {
        create(
            name,
            (to, last) -> {
              Libc.linkat(way.directory(), target.last(), to, last);
              return to;
            });
      }
    }
  }

  /** Creates a directory, or keeps the one that is there, and lets its owner in. */
  void createDirectory(MemberName name, int mode) throws IOException {
    Fd in = parentOf(name);
    byte[] last = name.last();
    try {
      Libc.mkdirat(in, last, (mode | OWNER_ALL) & PERMISSIONS);
      return;
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    Statx there = Libc.statx(in, last);
    if (there.isDirectory()) {
      letOwnerIn(in, last, there.mode());
      return;
    }
    Libc.unlinkat(in, last, 0);
    Libc.mkdirat(in, last, (mode | OWNER_ALL) & PERMISSIONS);
  }

  /**
   * An earlier run may have closed it already. Where that is not ours to do, what is missing shows
   * when the first member is created in it.
   */
  private static void letOwnerIn(Fd in, byte[] last, int mode) throws IOException {
    if ((mode & OWNER_ALL) == OWNER_ALL) {
      return;
    }
    try {
      Libc.fchmodat(in, last, (mode & 07777) | OWNER_ALL);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
    }
  }

  /** Opens a directory that was unpacked; null when something else has taken its place. */
  @Nullable Fd openDirectory(MemberName name) throws IOException {
    if (name.isRoot()) {
      return Libc.openat(root, SELF, OPEN_DIRECTORY, 0);
    }
    try (Way way = existing(name)) {
      return way == null ? null : Libc.openat(way.directory(), name.last(), OPEN_DIRECTORY, 0);
    } catch (ErrnoException e) {
      if (isNoDirectory(e)) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Puts everything on disk. One syncfs(2) a file system, rather than an fsync(2) a file: an
   * archive may have a hundred thousand of them, and each would wait for the journal. It tells of
   * write errors since the descriptor was opened, Linux 5.8 and later.
   */
  void sync() throws IOException {
    for (Fd fileSystem : fileSystems.values()) {
      Libc.syncfs(fileSystem);
    }
  }

  /** A call that creates something in a directory. */
  @FunctionalInterface
  private interface Creation {
    Fd in(Fd directory, byte[] last) throws IOException;
  }

  private Fd create(MemberName name, Creation creation) throws IOException {
    Fd in = parentOf(name);
    byte[] last = name.last();
    try {
      return creation.in(in, last);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      remove(in, last);
      return creation.in(in, last);
    }
  }

  /** Removes a file, or a directory that is empty, as GNU tar does. */
  private static void remove(Fd in, byte[] last) throws IOException {
    try {
      Libc.unlinkat(in, last, 0);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EISDIR) {
        throw e;
      }
      Libc.unlinkat(in, last, Libc.AT_REMOVEDIR);
    }
  }

  /** Returns the directory that a member lies in, made if it is missing. It stays open. */
  private Fd parentOf(MemberName name) throws IOException {
    List<String> wanted = name.parent();
    if (!wanted.equals(parentName)) {
      Fd opened = walk(name, true);
      if (opened == null) {
        throw new AssertionError("a directory that was made is missing");
      }
      closeParent();
      parent = opened;
      parentName = List.copyOf(wanted);
      noteFileSystem(opened);
    }
    return parent;
  }

  private void closeParent() throws IOException {
    Fd last = parent;
    parent = root;
    parentName = List.of();
    if (last != root) {
      last.close();
    }
  }

  private void noteFileSystem(Fd directory) throws IOException {
    long device = Libc.statx(directory).device();
    if (!fileSystems.containsKey(device)) {
      fileSystems.put(device, Libc.openat(directory, SELF, OPEN_DIRECTORY, 0));
    }
  }

  /** The directory of a name, open for one look. */
  private record Way(Fd directory, boolean borrowed) implements Closeable {
    @Override
    public void close() throws IOException {
      if (!borrowed) {
        directory.close();
      }
    }
  }

  private @Nullable Way existing(MemberName name) throws IOException {
    Fd directory = walk(name, false);
    return directory == null ? null : new Way(directory, directory == root);
  }

  /** Goes from the root to the directory of {@code name}; null when it is missing, unless made. */
  private @Nullable Fd walk(MemberName name, boolean make) throws IOException {
    Fd at = root;
    List<String> way = name.parent();
    try {
      for (int i = 0; i < way.size(); i++) {
        Fd next = step(at, ByteText.bytes(way.get(i)), make);
        if (at != root) {
          at.close();
        }
        if (next == null) {
          return null;
        }
        at = next;
      }
      return at;
    } catch (ErrnoException e) {
      if (at != root) {
        at.close();
      }
      throw e;
    } catch (NotOnTheWayException e) {
      if (at != root) {
        at.close();
      }
      throw new MalformedImageException(
          "member %s: lies below %s, which is %s; nothing is written through it"
              .formatted(name, ByteText.shown(e.component), e.what));
    }
  }

  /** Something is where a directory should be. */
  private static final class NotOnTheWayException extends IOException {
    final String component;
    final String what;

    NotOnTheWayException(byte[] component, boolean link) {
      this.component = ByteText.of(component, 0, component.length);
      this.what = link ? "a symbolic link" : "not a directory";
    }
  }

  private static @Nullable Fd step(Fd at, byte[] component, boolean make) throws IOException {
    try {
      return Libc.openat(at, component, DIRECTORY_ON_THE_WAY, 0);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        if (!make) {
          return null;
        }
        Libc.mkdirat(at, component, PERMISSIONS); // less the umask
        return Libc.openat(at, component, DIRECTORY_ON_THE_WAY, 0);
      }
      if (e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        throw new NotOnTheWayException(component, Libc.statx(at, component).isSymbolicLink());
      }
      throw e;
    }
  }

  private static boolean isNoDirectory(ErrnoException e) {
    return e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP;
  }

  private static boolean exists(Fd in, byte[] name) throws IOException {
    return lookUp(in, name) != null;
  }

  private static boolean isSameFile(Fd in, byte[] name, Fd otherIn, byte[] otherName)
      throws IOException {
    Statx one = lookUp(in, name);
    Statx other = lookUp(otherIn, otherName);
    return one != null && other != null && one.isSameFile(other);
  }

  private static @Nullable Statx lookUp(Fd in, byte[] name) throws IOException {
    try {
      return Libc.statx(in, name);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeParent();
    } finally {
      for (Fd fileSystem : fileSystems.values()) {
        fileSystem.close();
      }
    }
  }
}
