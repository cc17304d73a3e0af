package io.gantry.target;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What files and devices have in common: the course of their life, and the record of what has been
 * written.
 *
 * <p>A target ends once. {@link #finish} and {@link #abandon} may be called by different threads at
 * the same moment (a shutdown hook abandons); whoever changes the state first has it. Until finish
 * has synced and closed, abandon still wins.
 */
abstract sealed class VolumeTarget implements Target permits FileTarget, BlockTarget {

  private enum State {
    OPEN,
    PREPARING,
    PREPARED,
    /** Something was lost: no success from here on, but it can still be abandoned. */
    FAILED,
    FINISHED,
    ABANDONED;

    static final Set<State> LAST = EnumSet.of(FINISHED, ABANDONED);
  }

  /** What an implementation has made ready for writing. */
  record Prepared(
      Storage storage,
      List<ZeroMethod> zeroMethods,
      int zeroBlock,
      ZeroLadder.FdSource fd,
      Optional<WriteBehind> writeBehind,
      Preallocation preallocation,
      boolean direct,
      boolean startsZeroed) {}

  /** All that writing needs. */
  private record Session(Prepared prepared, long diskSize, ZeroLadder zeros) {
    Storage storage() {
      return prepared.storage();
    }

    Optional<WriteBehind> writeBehind() {
      return prepared.writeBehind();
    }

    Session grown(long larger) {
      return new Session(prepared, larger, zeros);
    }
  }

  final Path path;
  final TargetOptions options;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private final DurableLog log = new DurableLog();
  private volatile @Nullable Session session;

  /** Never changed once it is set, so many threads may look at it. */
  private volatile RangeSet resumed = new RangeSet();

  private @Nullable Storage readBack;

  VolumeTarget(Path path, TargetOptions options) {
    this.path = path;
    this.options = options;
  }

  /**
   * Makes the file or device ready for {@code diskSize} bytes.
   *
   * @param resuming whether what is there is to be kept
   */
  abstract Prepared prepareStorage(long diskSize, boolean resuming) throws IOException;

  /** Makes room for more while it is being written. */
  abstract void growStorage(long from, long to) throws IOException;

  /** Gives it its final shape, and makes that durable along with all data. */
  abstract void seal(Storage storage, long diskSize) throws IOException;

  /** Makes durable that the target exists at all; called before the first checkpoint returns. */
  abstract void syncName() throws IOException;

  /** Removes what we created. Never waits, and may be called twice. */
  abstract void discard() throws IOException;

  /** Closes every descriptor. Never waits, and may be called twice. */
  abstract void closeAll() throws IOException;

  @Override
  public final String name() {
    return path.toString();
  }

  @Override
  public final void prepare(long diskSize) throws IOException {
    prepare(diskSize, false);
  }

  @Override
  public final void resume(long diskSize, RangeSet durable) throws IOException {
    log.resume(durable);
    resumed = durable.copy();
    prepare(diskSize, true);
  }

  @Override
  public final List<RangeSet.Range> missing(long start, long end) {
    return resumed.gaps(start, end);
  }

  private void prepare(long diskSize, boolean resuming) throws IOException {
    if (diskSize < 0 || !state.compareAndSet(State.OPEN, State.PREPARING)) {
      throw new IllegalStateException("prepare(" + diskSize + ") in state " + state.get());
    }
    try {
      Prepared prepared = prepareStorage(diskSize, resuming);
      session = newSession(prepared, diskSize);
    } catch (IOException e) {
      state.compareAndSet(State.PREPARING, State.FAILED);
      releaseIfAbandoned();
      throw Diagnosis.of(name(), "make room for %d bytes".formatted(diskSize), true, e);
    }
    if (!state.compareAndSet(State.PREPARING, State.PREPARED)) {
      releaseIfAbandoned();
      throw abandoned();
    }
  }

  @Override
  public final synchronized void grow(long diskSize) throws IOException {
    Session from = writable(0, 0);
    if (diskSize <= from.diskSize()) {
      return;
    }
    try {
      growStorage(from.diskSize(), diskSize);
    } catch (IOException e) {
      throw failed("make room for %d bytes".formatted(diskSize), e);
    }
    session = from.grown(diskSize);
  }

  private static Session newSession(Prepared prepared, long diskSize) {
    ZeroLadder zeros =
        new ZeroLadder(
            prepared.zeroMethods(),
            prepared.zeroBlock(),
            prepared.fd(),
            (offset, zeroBytes) -> store(prepared, offset, zeroBytes));
    return new Session(prepared, diskSize, zeros);
  }

  /** An abandon during preparation could not remove what came after it. */
  private void releaseIfAbandoned() throws IOException {
    if (state.get() == State.ABANDONED) {
      discard();
      closeAll();
    }
  }

  @Override
  public final boolean startsZeroed() {
    return session().prepared().startsZeroed();
  }

  @Override
  public final void write(long offset, ByteBuffer src) throws IOException {
    Session to = writable(offset, src.remaining());
    int length = src.remaining();
    if (resumed.contains(offset, offset + length)) {
      src.position(src.limit());
      return;
    }
    try {
      store(to.prepared(), offset, src);
    } catch (IOException e) {
      throw failed("write %d bytes at %d".formatted(length, offset), e);
    }
    log.written(offset, offset + length);
  }

  private static void store(Prepared to, long offset, ByteBuffer src) throws IOException {
    int length = src.remaining();
    to.storage().write(offset, src);
    if (to.writeBehind().isPresent()) {
      to.writeBehind().get().written(offset, length);
    }
  }

  @Override
  public final void zero(long offset, long length) throws IOException {
    Session to = writable(offset, length);
    if (resumed.contains(offset, offset + length)) {
      return;
    }
    try {
      to.zeros().zero(offset, length);
    } catch (IOException e) {
      throw failed("zero %d bytes at %d".formatted(length, offset), e);
    }
    log.written(offset, offset + length);
  }

  /** Also after {@link #finish}, when the target is closed for writing and opened once more. */
  @Override
  public final void readFully(long offset, ByteBuffer dst) throws IOException {
    Session from = session();
    checkRange(from, offset, dst.remaining());
    int length = dst.remaining();
    try {
      Storage storage = state.get() == State.FINISHED ? readBack() : from.storage();
      storage.readFully(offset, dst);
    } catch (IOException e) {
      throw Diagnosis.of(name(), "read back %d bytes at %d".formatted(length, offset), false, e);
    }
  }

  private synchronized Storage readBack() throws IOException {
    if (readBack == null) {
      readBack = new ChannelStorage(path, FileChannel.open(path));
    }
    return readBack;
  }

  @Override
  public final void checkpoint() throws IOException {
    Session to = writable(0, 0);
    RangeSet covered = log.takePending();
    try {
      to.storage().datasync();
      syncName();
    } catch (IOException e) {
      throw failed("make data durable", e);
    }
    log.synced(covered);
  }

  @Override
  public final RangeSet durable() {
    return log.durable();
  }

  @Override
  public final void finish() throws IOException {
    Session to = writable(0, 0);
    try {
      if (to.writeBehind().isPresent()) {
        to.writeBehind().get().finish();
      }
      seal(to.storage(), to.diskSize());
      closeAll();
      syncName();
    } catch (IOException e) {
      throw failed("make data durable", e);
    }
    if (!state.compareAndSet(State.PREPARED, State.FINISHED)) {
      throw abandoned();
    }
    log.written(0, to.diskSize());
    log.synced(log.takePending());
  }

  @Override
  public final boolean isFinished() {
    return state.get() == State.FINISHED;
  }

  @Override
  public final void abandon() throws IOException {
    State before = state.getAndUpdate(now -> State.LAST.contains(now) ? now : State.ABANDONED);
    if (State.LAST.contains(before)) {
      return;
    }
    Session to = session;
    if (to != null) {
      to.writeBehind().ifPresent(WriteBehind::stop);
    }
    try {
      discard();
    } catch (IOException e) {
      throw Diagnosis.of(name(), "remove what was half-made", false, e);
    } finally {
      closeAll();
    }
  }

  @Override
  public final void close() throws IOException {
    try {
      abandon();
    } finally {
      closeReadBack();
      awaitWriteBehind();
    }
  }

  /** Nothing of ours stays open behind a closed target: a device could not be opened again. */
  private void awaitWriteBehind() throws IOException {
    Session to = session;
    if (to != null && to.writeBehind().isPresent()) {
      to.writeBehind().get().awaitEnd();
    }
  }

  private synchronized void closeReadBack() throws IOException {
    if (readBack != null) {
      readBack.close();
    }
  }

  @Override
  public final TargetReport report() {
    Session of = session();
    return new TargetReport(
        of.zeros().used().map(ZeroMethod::toString).orElse("none"),
        of.prepared().preallocation(),
        of.prepared().direct());
  }

  private Session session() {
    Session prepared = session;
    if (prepared == null) {
      throw new IllegalStateException(path + " has not been prepared");
    }
    return prepared;
  }

  private Session writable(long offset, long length) throws TargetException {
    Session to = session();
    switch (now()) {
      case PREPARED -> checkRange(to, offset, length);
      case ABANDONED -> throw abandoned();
      case FAILED ->
          throw new TargetException(
              TargetException.Kind.NOT_WRITABLE, path + ": has failed before, and is incomplete");
      default -> throw new IllegalStateException(path + " in state " + state.get());
    }
    return to;
  }

  private State now() {
    return Objects.requireNonNull(state.get());
  }

  private void checkRange(Session of, long offset, long length) {
    if (offset < 0 || length < 0 || length > of.diskSize() - offset) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d are not inside the %d bytes of %s"
              .formatted(length, offset, of.diskSize(), path));
    }
  }

  /** After this there is no success any more: what the kernel lost once it does not tell again. */
  private TargetException failed(String deed, IOException e) {
    if (state.get() == State.ABANDONED) {
      return abandoned();
    }
    state.compareAndSet(State.PREPARED, State.FAILED);
    return Diagnosis.of(name(), deed, false, e);
  }

  private TargetException abandoned() {
    return new TargetException(
        TargetException.Kind.NOT_WRITABLE, path + ": was given up while it was being written");
  }
}
