# Fake desktop services on D-Bus: a tray, a dock, GNOME's session manager, logind, NetworkManager, UPower; and clicks on
# the X display. Reads commands and writes observations as lines of JSON. Does not depend on any application.
import ctypes
import json
import os
import sys
import threading

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
items = []


def tell(**what):
    print(json.dumps(what, default=str), flush=True)


class Tray(dbus.service.Object):
    IFACE = "org.kde.StatusNotifierWatcher"

    @dbus.service.method(IFACE, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender):
        items.append(service)
        tell(event="item", service=service)

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, iface, name):
        return {"IsStatusNotifierHostRegistered": True, "ProtocolVersion": dbus.Int32(0)}[name]


class Session(dbus.service.Object):
    IFACE = "org.gnome.SessionManager"
    count = 0

    @dbus.service.method(IFACE, in_signature="susu", out_signature="u")
    def Inhibit(self, app, window, why, flags):
        self.count += 1
        tell(event="held", by="session", app=app, why=why, flags=int(flags))
        return dbus.UInt32(self.count)

    @dbus.service.method(IFACE, in_signature="u")
    def Uninhibit(self, cookie):
        tell(event="released", by="session")


class Logind(dbus.service.Object):
    IFACE = "org.freedesktop.login1.Manager"

    @dbus.service.method(IFACE, in_signature="ssss", out_signature="h")
    def Inhibit(self, what, who, why, mode):
        ours, theirs = os.pipe()
        tell(event="held", by="logind", what=what, app=who, why=why, mode=mode)
        GLib.io_add_watch(ours, GLib.IO_HUP, self.released, ours)
        descriptor = dbus.types.UnixFd(theirs)
        os.close(theirs)
        return descriptor

    def released(self, _channel, _condition, ours):
        os.close(ours)
        tell(event="released", by="logind")
        return False


class Notifications(dbus.service.Object):
    IFACE = "org.freedesktop.Notifications"

    @dbus.service.signal(IFACE, signature="us")
    def ActionInvoked(self, number, action):
        pass


class Surroundings(dbus.service.Object):
    """An object of NetworkManager or UPower: properties of one interface, with a signal when they change."""

    def __init__(self, path, iface, **properties):
        super().__init__(bus, path)
        self.iface, self.properties = iface, properties

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, iface, name):
        assert iface == self.iface, iface
        return self.properties[name]

    @dbus.service.signal(dbus.PROPERTIES_IFACE, signature="sa{sv}as")
    def PropertiesChanged(self, iface, changed, invalidated):
        pass

    def set(self, **properties):
        changed = {name: value for name, value in properties.items() if self.properties.get(name) != value}
        self.properties.update(changed)
        if changed:
            self.PropertiesChanged(self.iface, changed, dbus.Array([], signature="s"))


def plain(value):
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, (dbus.Double, float)):
        return float(value)
    return int(value) if isinstance(value, int) else str(value)


def updated(uri, properties):
    tell(event="dock", uri=uri, **{key: plain(value) for key, value in properties.items()})


def item():
    service = items[-1]
    at, _, path = service.partition("/")
    return at, "/" + path if path else "/StatusNotifierItem"


def menu():
    """The entries of the last item's menu, one level deep."""
    at, path = item()
    properties = dbus.Interface(bus.get_object(at, path), dbus.PROPERTIES_IFACE)
    where = properties.Get("org.kde.StatusNotifierItem", "Menu")
    entries = dbus.Interface(bus.get_object(at, where), "com.canonical.dbusmenu")
    _, (_, _, children) = entries.GetLayout(0, -1, dbus.Array([], signature="s"))
    return entries, [(int(number), details) for number, details, _ in children]


def describe(_order):
    at, path = item()
    properties = dbus.Interface(bus.get_object(at, path), dbus.PROPERTIES_IFACE)
    tip = properties.Get("org.kde.StatusNotifierItem", "ToolTip")
    rows = [
        dict(
            label=str(details.get("label", "")),
            enabled=bool(details.get("enabled", True)),
            ticked=bool(details.get("toggle-state", 0) == 1),
        )
        for _, details in menu()[1]
    ]
    tell(event="menu", tip=str(tip[3]), rows=rows)


def click(order):
    entries, rows = menu()
    number = next(number for number, details in rows if details.get("label") == order["label"])
    entries.Event(number, "clicked", dbus.String("", variant_level=1), dbus.UInt32(0))


def activate(_order):
    at, path = item()
    dbus.Interface(bus.get_object(at, path), "org.kde.StatusNotifierItem").Activate(0, 0)


def tray(order):
    """Registers a tray on the bus, or removes it."""
    if order["there"]:
        bus.request_name(Tray.IFACE)
    else:
        bus.release_name(Tray.IFACE)
        items.clear()
    tell(event="tray")


def answer(order):
    notifications.ActionInvoked(dbus.UInt32(order["number"]), order["action"])


def serve(service, there):
    if there:
        bus.request_name(service)
    else:
        bus.release_name(service)


def surroundings(order):
    """Sets the status of network and battery; nothing removes the service."""
    metered, battery = order["metered"], order["battery"]
    if metered is not None:
        network.set(Metered=dbus.UInt32(metered))
    if battery is not None:
        power.set(OnBattery=dbus.Boolean(battery["used"]))
        display.set(IsPresent=dbus.Boolean(battery.get("there", True)), Percentage=dbus.Double(battery["level"]))
    serve("org.freedesktop.NetworkManager", metered is not None)
    serve("org.freedesktop.UPower", battery is not None)
    tell(event="surroundings")


class ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),
    ]


class Display:
    """A connection to the X display, to act as the window manager or the user."""

    def __init__(self):
        self.x = x = ctypes.CDLL("libX11.so.6")
        pointer, window = ctypes.c_void_p, ctypes.c_ulong
        x.XOpenDisplay.restype = pointer
        x.XDefaultRootWindow.argtypes, x.XDefaultRootWindow.restype = [pointer], window
        x.XInternAtom.argtypes, x.XInternAtom.restype = [pointer, ctypes.c_char_p, ctypes.c_int], window
        x.XFetchName.argtypes = [pointer, window, pointer]
        x.XSendEvent.argtypes = [pointer, window, ctypes.c_int, ctypes.c_long, pointer]
        x.XQueryTree.argtypes = [pointer, window] + [pointer] * 4
        for call in (x.XUnmapWindow, x.XMapWindow):
            call.argtypes = [pointer, window]
        x.XCloseDisplay.argtypes = [pointer]
        self.at = x.XOpenDisplay(None)

    def named(self, name):
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        top = self.x.XDefaultRootWindow(self.at)
        self.x.XQueryTree(self.at, top, *(ctypes.byref(out) for out in (root, parent, children, count)))
        for window in children[: count.value]:
            found = ctypes.c_char_p()
            if self.x.XFetchName(self.at, window, ctypes.byref(found)) and found.value == name.encode():
                yield window

    def ask_to_close(self, window):
        message = ClientMessage(type=33, window=window, format=32)
        message.message_type = self.x.XInternAtom(self.at, b"WM_PROTOCOLS", 0)
        message.data[0] = self.x.XInternAtom(self.at, b"WM_DELETE_WINDOW", 0)
        self.x.XSendEvent(self.at, window, 0, 0, ctypes.byref(message))


def window(order):
    """Closes, hides or shows the windows of this name, as their title-bar and taskbar buttons do."""
    display = Display()
    acts = dict(
        close=display.ask_to_close,
        hide=lambda window: display.x.XUnmapWindow(display.at, window),
        show=lambda window: display.x.XMapWindow(display.at, window),
        count=lambda window: None,
    )
    windows = list(display.named(order["name"]))
    for one in windows:
        acts[order["act"]](one)
    display.x.XCloseDisplay(display.at)
    tell(event="window", count=len(windows))


orders = dict(
    describe=describe,
    click=click,
    activate=activate,
    tray=tray,
    answer=answer,
    window=window,
    surroundings=surroundings,
)


def obey(line):
    order = json.loads(line)
    try:
        orders[order["do"]](order)
    except Exception as error:
        tell(event="failed", order=order, why=repr(error))


def listen():
    for line in sys.stdin:
        GLib.idle_add(obey, line)
    GLib.idle_add(loop.quit)


Tray(bus, "/StatusNotifierWatcher")
Session(bus, "/org/gnome/SessionManager")
Logind(bus, "/org/freedesktop/login1")
notifications = Notifications(bus, "/org/freedesktop/Notifications")
network = Surroundings("/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager")
power = Surroundings("/org/freedesktop/UPower", "org.freedesktop.UPower")
display = Surroundings("/org/freedesktop/UPower/devices/DisplayDevice", "org.freedesktop.UPower.Device")
for name in ("org.gnome.SessionManager", "org.freedesktop.login1"):
    bus.request_name(name)
bus.add_signal_receiver(updated, "Update", "com.canonical.Unity.LauncherEntry")
loop = GLib.MainLoop()
threading.Thread(target=listen, daemon=True).start()
tell(event="ready")
loop.run()
