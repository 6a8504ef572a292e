"""How long it takes from the release of a touch until the screen shows the answer, seen from outside: XTEST lets go, and the pixels are
read from the X server through shared memory (MIT-SHM) until they change. What is looked at lies outside of what was touched, so that
the look of a control that is let go counts for nothing. Needs libX11, libXext and libXtst, which xdotool brings."""
import ctypes
import ctypes.util
import random
import time

IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
Z_PIXMAP, ALL_PLANES = 2, 0xFFFFFFFF


class XShmSegmentInfo(ctypes.Structure):
    _fields_ = [("shmseg", ctypes.c_ulong), ("shmid", ctypes.c_int), ("shmaddr", ctypes.c_void_p), ("readOnly", ctypes.c_int)]


class XImage(ctypes.Structure):  # its beginning
    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int), ("format", ctypes.c_int),
                ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
                ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
                ("bytes_per_line", ctypes.c_int), ("bits_per_pixel", ctypes.c_int)]


class Display:
    """The X server: a pointer to press with, and a part of the screen to look at."""

    def __init__(self, name):
        self.x11, self.ext, self.tst = (ctypes.CDLL(f"lib{lib}.so.6") for lib in ("X11", "Xext", "Xtst"))
        self.libc = ctypes.CDLL(None, use_errno=True)
        pointer, number = ctypes.c_void_p, ctypes.c_int
        for function, result, arguments in (
                (self.x11.XOpenDisplay, pointer, [ctypes.c_char_p]),
                (self.x11.XDefaultScreen, number, [pointer]),
                (self.x11.XDefaultVisual, pointer, [pointer, number]),
                (self.x11.XDefaultDepth, number, [pointer, number]),
                (self.x11.XDefaultRootWindow, ctypes.c_ulong, [pointer]),
                (self.x11.XFlush, number, [pointer]),
                (self.x11.XSync, number, [pointer, number]),
                (self.x11.XCloseDisplay, number, [pointer]),
                (self.ext.XShmCreateImage, ctypes.POINTER(XImage),
                 [pointer, pointer, ctypes.c_uint, number, pointer, ctypes.POINTER(XShmSegmentInfo), ctypes.c_uint, ctypes.c_uint]),
                (self.ext.XShmAttach, number, [pointer, ctypes.POINTER(XShmSegmentInfo)]),
                (self.ext.XShmGetImage, number, [pointer, ctypes.c_ulong, ctypes.POINTER(XImage), number, number, ctypes.c_ulong]),
                (self.tst.XTestFakeMotionEvent, number, [pointer, number, number, number, ctypes.c_ulong]),
                (self.tst.XTestFakeButtonEvent, number, [pointer, ctypes.c_uint, number, ctypes.c_ulong]),
                (self.libc.shmget, number, [number, ctypes.c_size_t, number]),
                (self.libc.shmat, pointer, [number, pointer, number]),
                (self.libc.shmctl, number, [number, number, pointer])):
            function.restype, function.argtypes = result, arguments
        self.display = self.x11.XOpenDisplay(name.encode())
        if not self.display:
            raise SystemExit(f"no display {name}")
        self.root = self.x11.XDefaultRootWindow(self.display)
        self.image = None

    def look_at(self, width, height):
        """Reads parts of that size from now on."""
        screen = self.x11.XDefaultScreen(self.display)
        self.segment = XShmSegmentInfo()
        self.image = self.ext.XShmCreateImage(self.display, self.x11.XDefaultVisual(self.display, screen),
                                              self.x11.XDefaultDepth(self.display, screen), Z_PIXMAP, None,
                                              ctypes.byref(self.segment), width, height)
        self.bytes = self.image.contents.bytes_per_line * height
        self.segment.shmid = self.libc.shmget(IPC_PRIVATE, self.bytes, IPC_CREAT | 0o600)
        self.segment.shmaddr = self.libc.shmat(self.segment.shmid, None, 0)
        self.image.contents.data = self.segment.shmaddr
        attached = self.ext.XShmAttach(self.display, ctypes.byref(self.segment))
        self.x11.XSync(self.display, 0)
        self.libc.shmctl(self.segment.shmid, IPC_RMID, None)
        if not attached:
            raise SystemExit("the X server has no MIT-SHM")

    def pixels(self, x, y):
        if not self.ext.XShmGetImage(self.display, self.root, self.image, x, y, ALL_PLANES):
            raise SystemExit("the X server gives no pixels")
        return ctypes.string_at(self.segment.shmaddr, self.bytes)

    def move(self, x, y):
        self.tst.XTestFakeMotionEvent(self.display, -1, x, y, 0)
        self.x11.XFlush(self.display)

    def button(self, down):
        self.tst.XTestFakeButtonEvent(self.display, 1, 1 if down else 0, 0)
        self.x11.XFlush(self.display)

    def close(self):
        self.x11.XCloseDisplay(self.display)


def until(what, condition, patience_s=30):
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: nothing for {patience_s} s")
        time.sleep(0.01)


def measure(display_name, screen, taps):
    """Milliseconds of each tap. `screen()` is the newest line of the mirror. Goes to a station and back again, over and over."""
    display = Display(display_name)
    try:
        return [tap(display, screen) for _ in range(taps)]
    finally:
        display.close()


# The title's place: left above on every screen, and on no control of the two that are used.
WIDTH, HEIGHT, LEFT, TOP = 480, 40, 60, 40


def tap(display, screen):
    def control():
        shown = screen()
        if not shown.get("takes_touches", True):
            return None
        wanted = "station_" if shown["screen"] == "home" else "back"
        return next(((shown["screen"], c["rect"]) for c in shown["controls"] if c["id"].startswith(wanted) and c["enabled"]), None)
    until("a control", control)
    before_screen, (x, y, width, height) = control()
    if display.image is None:
        display.look_at(WIDTH, HEIGHT)
    display.move(int(x + width / 2), int(y + height / 2))
    time.sleep(0.3)  # nothing is drawn any more of what came before
    display.button(True)
    time.sleep(random.uniform(0.09, 0.13))  # as a finger rests
    before = display.pixels(LEFT, TOP)
    begin = time.monotonic()
    display.button(False)
    while display.pixels(LEFT, TOP) == before:
        if time.monotonic() - begin > 5:
            raise SystemExit(f"the touch of {before_screen} changed nothing within 5 s")
        time.sleep(0.0002)
    took_ms = (time.monotonic() - begin) * 1000
    until("another screen", lambda: screen()["screen"] != before_screen)
    return took_ms
