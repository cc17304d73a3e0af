package io.gantry.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One function of the C library, linked when it is first called: linking the first one costs some
 * 60 ms of start-up, and most conversions into a file call none.
 *
 * <p>A function that the library does not have answers {@link Errno#ENOSYS}, like a system call
 * that the kernel does not have.
 */
final class NativeFunction {

  /** The call itself, given the linked handle and memory that lives as long as the call. */
  @FunctionalInterface
  interface Invocation {
    long invoke(MethodHandle handle, MemorySegment state, Arena arena) throws Throwable;
  }

  private static final class Native {
    static final Linker LINKER = Linker.nativeLinker();
    static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final int ERRNO_AT = (int) STATE.byteOffset(PathElement.groupElement("errno"));
  }

  private final String name;
  private final FunctionDescriptor descriptor;
  private final int firstVariadic;
  private @Nullable MethodHandle handle;
  private boolean missing;

  private NativeFunction(String name, FunctionDescriptor descriptor, int firstVariadic) {
    this.name = name;
    this.descriptor = descriptor;
    this.firstVariadic = firstVariadic;
  }

  static NativeFunction of(String name, MemoryLayout result, MemoryLayout... arguments) {
    return new NativeFunction(name, FunctionDescriptor.of(result, arguments), -1);
  }

  /** A function like open(2) whose arguments from {@code firstVariadic} on are the {@code ...}. */
  static NativeFunction variadic(
      int firstVariadic, String name, MemoryLayout result, MemoryLayout... arguments) {
    return new NativeFunction(name, FunctionDescriptor.of(result, arguments), firstVariadic);
  }

  /** The call itself on a descriptor's number. */
  @FunctionalInterface
  interface FdInvocation {
    long invoke(MethodHandle handle, MemorySegment state, int fd, Arena arena) throws Throwable;
  }

  /** Calls on an open descriptor, which stays open until the call is back. */
  long call(Fd fd, FdInvocation invocation) throws IOException {
    return call(name, fd, invocation);
  }

  /** Calls on an open descriptor; {@code shown} names the call in an exception. */
  long call(String shown, Fd fd, FdInvocation invocation) throws IOException {
    int number = fd.hold();
    try {
      return call(
          shown,
          fd.path(),
          (linked, state, arena) -> invocation.invoke(linked, state, number, arena));
    } finally {
      fd.release();
    }
  }

  long call(Path path, Invocation invocation) throws IOException {
    return call(name, path, invocation);
  }

  /**
   * Calls, again when a signal interrupted it, and returns the result.
   *
   * @throws ErrnoException when the result is negative
   */
  private long call(String shown, Path path, Invocation invocation) throws IOException {
    MethodHandle linked = link();
    if (linked == null) {
      throw new ErrnoException(shown, Errno.ENOSYS, path);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.STATE);
      long result = invocation.invoke(linked, state, arena);
      while (result < 0 && errno(state) == Errno.EINTR) {
        result = invocation.invoke(linked, state, arena);
      }
      if (result < 0) {
        throw new ErrnoException(shown, errno(state), path);
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  /**
   * The errno that the last call left in its own memory. Through a buffer: the first use of a
   * layout's VarHandle spins a dozen classes.
   */
  static int errno(MemorySegment state) {
    return state.asByteBuffer().order(ByteOrder.nativeOrder()).getInt(Native.ERRNO_AT);
  }

  private synchronized @Nullable MethodHandle link() {
    if (handle == null && !missing) {
      handle = Native.LINKER.defaultLookup().find(name).map(this::link).orElse(null);
      missing = handle == null;
    }
    return handle;
  }

  @SuppressWarnings("restricted") // native access is what this package is for
  private MethodHandle link(MemorySegment symbol) {
    return firstVariadic < 0
        ? Native.LINKER.downcallHandle(symbol, descriptor, Native.ERRNO)
        : Native.LINKER.downcallHandle(
            symbol, descriptor, Native.ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
  }
}
