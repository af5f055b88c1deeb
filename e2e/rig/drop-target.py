# Another program, with a window that files are dropped on, and the user's hand: moves and presses the pointer of the X
# display. Reads commands and writes what it gets as lines of JSON. Does not depend on any application.
import ctypes
import json
import sys
import threading

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk

x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XFlush.argtypes = [ctypes.c_void_p]
ulong = ctypes.c_ulong
xtst.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ulong]
xtst.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ulong]
hand = x11.XOpenDisplay(None)


def tell(**what):
    print(json.dumps(what), flush=True)


def pointer(order):
    if "x" in order:
        xtst.XTestFakeMotionEvent(hand, -1, order["x"], order["y"], 0)
    if "down" in order:
        xtst.XTestFakeButtonEvent(hand, 1, int(order["down"]), 0)
    x11.XFlush(hand)


def moved(_window, context, _x, _y, _time):
    # Copies, moves and links would be taken alike: what is offered is the source's choice.
    tell(event="over", actions=[name for name in context.get_actions().value_nicks])
    return False


def received(_window, context, _x, _y, data, _info, _time):
    tell(event="dropped", addresses=data.get_uris(), actions=context.get_actions().value_nicks)


window = Gtk.Window(type=Gtk.WindowType.POPUP)
actions = Gdk.DragAction.COPY | Gdk.DragAction.MOVE | Gdk.DragAction.LINK
window.drag_dest_set(Gtk.DestDefaults.ALL, [], actions)
window.drag_dest_add_uri_targets()
window.connect("drag-motion", moved)
window.connect("drag-data-received", received)
left, top, width, height = map(int, sys.argv[1:])
window.move(left, top)
window.resize(width, height)
window.show_all()


def listen():
    for line in sys.stdin:
        GLib.idle_add(pointer, json.loads(line))
    GLib.idle_add(Gtk.main_quit)


threading.Thread(target=listen, daemon=True).start()
GLib.idle_add(lambda: tell(event="ready"))
Gtk.main()
